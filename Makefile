# Two commands do everything, each setting up what it lacks:   make demo    make test
# With PARE_OFFLINE=1 nothing touches the network. Scripts/ holds the recipes.
.PHONY: help tools build test slurm-test datasets demo paper table2 dpd format lint clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo      measured data to verified, placed-and-routed gates, in minutes'
	@echo 'make test      all tests (sets up tools and data sets first)'
	@echo 'make paper     the paper: 1,344 design points, their fronts, and a report in runs/paper'
	@echo 'make table2    its six designs as gates, beside unoptimized twins: area, power, accuracy'
	@echo 'make dpd       predistorters in closed form, 30 to 250 coefficients, and the gates of one'
	@echo 'make slurm-test  a sweep on a Slurm of two nodes, started for it on this machine'
	@echo 'make tools     Yosys, nextpnr and Verilator into .tools/'
	@echo 'make datasets  the measured data sets into the cache of the user'
	@echo 'make build     the pare command, .build/release/pare'
	@echo 'make format    rewrites the Swift sources in the style of the project'
	@echo 'make lint      tells what make format would change'
	@echo 'make clean     removes build results (make clean ALL=1: .tools too)'

tools:
	@bash Scripts/tools.sh

build:
	@bash Scripts/build.sh

datasets:
	@bash Scripts/datasets.sh

test:
	@bash Scripts/test.sh

slurm-test:
	@bash Scripts/slurm-test.sh

demo:
	@bash Scripts/demo.sh $(ARGS)

format:
	swift format format --in-place --recursive Sources Tests Fuzz/Sources Package.swift

paper:
	@bash Scripts/paper.sh $(ARGS)

dpd:
	@bash Scripts/dpd.sh $(ARGS)

table2:
	@bash Scripts/table2.sh $(ARGS)

lint:
	swift format lint --strict --recursive Sources Tests Fuzz/Sources Package.swift

clean:
	rm -rf .build
	$(if $(ALL),rm -rf .tools)
