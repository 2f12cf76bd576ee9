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

    /// <summary>The options of a model's present scheduler, taken over.</summary>
    /// <param name="model">Its options.</param>
    protected SigmaOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>How noise levels are spread.</summary>
    public SigmaSpacing SigmaSpacing { get; init; } = SigmaSpacing.Default;
}
