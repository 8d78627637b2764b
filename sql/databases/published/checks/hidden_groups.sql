-- refuses: numbers of pupils that are hidden and stand there all the same
with groups as (
    select
        is_suppressed,
        n_respondents as n_any
    from left_out
    union all
    select
        is_suppressed,
        coalesce(
            n_enrolled,
            n_enrolled_lowest,
            n_enrolled_highest,
            n_opened,
            n_valid,
            n_analysed,
            percent_valid
        ) as n_any
    from participation
)

select count(*)
from groups
where is_suppressed and n_any is not null
