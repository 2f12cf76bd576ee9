namespace DiffusionSharp.Orleans;

/// <summary>Counts the model calls of a job, through the stages of a cascade, each of which counts its own from 0.</summary>
/// <param name="before">Those of the stages before the first step.</param>
internal sealed class StepCount(int before)
{
    private int? _stage;
    private int _ofStage;

    /// <summary>Those of the stages before the last step.</summary>
    public int Before { get; private set; } = before;

    /// <summary>How many are done with a step.</summary>
    public int Done(in DenoisingStep step)
    {
        if (_stage is { } stage && step.Stage != stage)
        {
            Before += _ofStage;
        }

        (_stage, _ofStage) = (step.Stage, step.Count);
        return Before + step.Index + 1;
    }
}
