"""The project measures itself: its known answers, its benches, the training of its weights.

Known answers and public datasets go in; reports and ``qa/weights.json`` come out. Not installed with the
package.
"""

import qa  # noqa: F401  (sets how many threads multiply for NumPy, which reads it when it is imported)
