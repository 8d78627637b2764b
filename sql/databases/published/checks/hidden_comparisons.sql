-- refuses: comparisons that are hidden and stand there all the same
select count(*)
from comparison
where
    status = 'suppressed'
    and (verdict <> 'too_few' or difference is not null or second_percent is not null)
