-- title: What a column says
-- answers: What do the columns of the long view hold, and what does an empty cell mean?
select
    column_name,
    type,
    says,
    null_means
from v_dictionary
where relation = 'v_estimate_long' and column_name <> ''
