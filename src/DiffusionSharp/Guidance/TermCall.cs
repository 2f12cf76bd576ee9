using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>A run and the terms that it predicts, one behind another.</summary>
internal sealed class TermCall(IPredictionRun run, int[] terms, int at)
{
    private int _at = at;

    public IPredictionRun Run => run;

    public int[] Terms => terms;

    /// <summary>Brings the conditions to those of a model call, where they change.</summary>
    public void MoveTo(int call, ConditionContext conditions)
    {
        if (_at != call && conditions.Differs(terms, _at, call))
        {
            run.SetConditions(conditions.Stacked(terms, call));
        }

        _at = call;
    }
}
