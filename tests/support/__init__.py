"""Helpers of the tests and benchmarks in this folder."""
