-- Who answered, by grade and gender, with what an empty cell means in words.
select
    wave,
    grade,
    gender,
    case
        when is_suppressed then 'suppressed'
        when n_enrolled is null then 'not_enrolled'
        else 'shown'
    end as status,
    n_enrolled,
    n_valid,
    percent_valid
from participation
