"""The project measures itself: its known answers, its benches, the training of its weights.

Known answers and public datasets go in; reports and ``qa/weights.json`` come out. Not installed with the
package.
"""
