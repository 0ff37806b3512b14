"""What the law asks of the data that is held: register, retention, corrections and objections.

:func:`~linkage.rights.entry.check_register` refuses deliveries that the register does not cover;
:func:`~linkage.rights.aside.set_absent_aside` keeps an absent source's rows from every step;
:mod:`~linkage.rights.retention` deletes what may no longer be held and certifies it;
:mod:`~linkage.rights.requests` records objections and corrections, and
:mod:`~linkage.rights.apply` makes them hold before anything is worked out.
"""
