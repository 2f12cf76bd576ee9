namespace DiffusionSharp.Conditions;

/// <summary>The conditions of one term of a guidance, which may change at a model call.</summary>
internal sealed class TermConditions(Conditioning given)
{
    private readonly List<(int FromCall, ConditionPart Part)> _added = [];

    /// <summary>What the caller brought.</summary>
    public Conditioning Given => given;

    public void Add(ConditionPart part, int fromCall) => _added.Add((fromCall, part));

    /// <summary>What holds at a call: of each name the part that came last.</summary>
    public Conditioning At(int call)
    {
        Conditioning conditions = given;
        foreach ((int _, ConditionPart part) in _added.Where(a => a.FromCall <= call).OrderBy(a => a.FromCall))
        {
            conditions = conditions.With(part);
        }

        return conditions;
    }

    public bool Differs(int a, int b)
    {
        foreach ((int from, _) in _added)
        {
            if (from > Math.Min(a, b) && from <= Math.Max(a, b))
            {
                return true;
            }
        }

        return false;
    }
}
