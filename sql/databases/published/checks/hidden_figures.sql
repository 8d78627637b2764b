-- refuses: figures that are hidden and stand there all the same
select count(*)
from estimate
where
    (status <> 'shown' and (n_flagged is not null or percent is not null))
    or (
        status in ('suppressed', 'no_answers')
        and (percent_lower is not null or percent_upper is not null)
    )
    or (status = 'shown' and (n is null or n_flagged is null or percent is null))
