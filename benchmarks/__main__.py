"""Run the benchmarks: python -m benchmarks [--sizes 0.06,10,200] [--folder FOLDER] [--rounds 5] [--save]."""

from benchmarks.run import main

main()
