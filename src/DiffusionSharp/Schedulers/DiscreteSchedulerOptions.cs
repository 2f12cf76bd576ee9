using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What all schedulers over a discrete variance-preserving noise schedule have in common.</summary>
public abstract record DiscreteSchedulerOptions
{
    /// <summary>The noise schedule that the model was trained with. Linear, 1000 timesteps from 0.0001 to 0.02, by default.</summary>
    public NoiseSchedule Schedule { get; init; } = NoiseSchedule.Linear();

    /// <summary>What the model predicts. Noise by default.</summary>
    public PredictionType PredictionType { get; init; } = PredictionType.Epsilon;

    /// <summary>What is done to the predicted x_0. Clamped to [-1, 1] by default, which is right for pixels; latents want <see cref="SampleClipping.None"/>.</summary>
    public SampleClipping Clipping { get; init; } = SampleClipping.Clamp();

    /// <summary>How timesteps are spaced. Leading by default.</summary>
    public TimestepSpacing TimestepSpacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>What is added to timesteps of leading spacing, at least 0; 1 for Stable Diffusion. Other spacings ignore it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int StepsOffset
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Options of another scheduler that sample the same model: its noise schedule, prediction type, spacing, and clipping where that scheduler clips.</summary>
    /// <typeparam name="TOptions">The other scheduler's options.</typeparam>
    /// <returns>Its default options with what comes from the model; these ones when they are of that type already.</returns>
    public TOptions For<TOptions>()
        where TOptions : DiscreteSchedulerOptions, new() => this as TOptions ?? (TOptions)new TOptions().Of(this);

    /// <summary>These options with what comes from the model of others.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>The options, of the same type as these.</returns>
    protected virtual DiscreteSchedulerOptions Of(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return this with
        {
            Schedule = model.Schedule,
            PredictionType = model.PredictionType,
            Clipping = model.Clipping,
            TimestepSpacing = model.TimestepSpacing,
            StepsOffset = model.StepsOffset,
        };
    }
}
