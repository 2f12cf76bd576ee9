namespace DiffusionSharp.Schedulers;

/// <summary>What schedulers have in common that step through noise levels σ of a discrete noise schedule.</summary>
public abstract record SigmaOptions : DiscreteSchedulerOptions
{
    /// <summary>Options with evenly spaced timesteps, both ends included, and no clipping, as these schedulers are used.</summary>
    protected SigmaOptions()
    {
        TimestepSpacing = TimestepSpacing.Linspace;
        Clipping = SampleClipping.None;
    }

    /// <summary>How noise levels are spread.</summary>
    public SigmaSpacing SigmaSpacing { get; init; } = SigmaSpacing.Default;

    /// <inheritdoc/>
    protected override DiscreteSchedulerOptions Of(DiscreteSchedulerOptions model) => base.Of(model) with { Clipping = SampleClipping.None };
}
