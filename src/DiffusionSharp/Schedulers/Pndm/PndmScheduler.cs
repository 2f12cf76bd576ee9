using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Pseudo numerical methods for diffusion models (Liu et al. 2022, arXiv:2202.09778): linear multistep (PLMS) steps of fourth order
/// along DDIM's transfer, which three pseudo Runge-Kutta (PRK) steps or steps of lower order begin. Deterministic; n steps ask the model
/// n + 1 times without Runge-Kutta steps, n + 9 times with them.
/// </summary>
public sealed class PndmScheduler : DiscreteScheduler<PndmOptions>
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    /// <exception cref="ArgumentException">The prediction type is x_0, or x_0 would be clipped: PNDM works with the model's noise or velocity.</exception>
    public PndmScheduler(PndmOptions? options = null)
        : base(options ?? new PndmOptions(), options?.SkipPrkSteps == true ? "PLMS" : "PNDM")
    {
        if (Options.PredictionType is not (PredictionType.Epsilon or PredictionType.Velocity))
        {
            throw new ArgumentException($"PNDM needs a model that predicts noise or velocity, not {Options.PredictionType}.", nameof(options));
        }

        if (Options.Clipping is not SampleClipping.NoClipping)
        {
            throw new ArgumentException("PNDM does not form the predicted x_0, so Clipping must be SampleClipping.None.", nameof(options));
        }
    }

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new PndmRun(Options, plan);
}
