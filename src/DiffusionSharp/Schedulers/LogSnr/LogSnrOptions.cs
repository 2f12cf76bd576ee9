namespace DiffusionSharp.Schedulers;

/// <summary>
/// What schedulers have in common that integrate the diffusion ODE in λ = log(α/σ), where its linear part is solved exactly
/// (Lu et al. 2022, arXiv:2206.00927, proposition 3.1).
/// </summary>
public abstract record LogSnrOptions : SigmaOptions
{
    /// <summary>Whether the last steps have lower order, which steadies generations of few steps.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>
    /// Whether the model was trained by flow matching, <c>x = (1-σ)·x_0 + σ·ε</c> (Lipman et al. 2023, arXiv:2210.02747): σ is then spread
    /// evenly over (0, 1], shifted, and the timestep is σ·N. False by default: variance-preserving.
    /// </summary>
    public bool FlowSigmas { get; init; }

    /// <summary>Shift s of flow-matching noise levels, <c>σ' = s·σ/(1 + (s-1)·σ)</c>, positive (Esser et al. 2024, arXiv:2403.03206, eq. 23); 1 for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double FlowShift { get; init => field = OptionValue.Positive(value, "The flow shift"); } = 1;

    /// <summary>Whether <see cref="SamplingPlan.Mu"/> gives the shift of a generation, s = exp(μ), in place of <see cref="FlowShift"/>. False by default.</summary>
    public bool UsesDynamicShifting { get; init; }

    // Thresholds of pixels stay, clamps of other schedulers fall away.
    /// <inheritdoc/>
    protected override DiscreteSchedulerOptions Of(DiscreteSchedulerOptions model) =>
        model.Clipping is SampleClipping.DynamicThresholding ? base.Of(model) with { Clipping = model.Clipping } : base.Of(model);
}
