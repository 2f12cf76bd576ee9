namespace DiffusionSharp.Schedulers;

/// <summary>
/// The timesteps of distilled models, which know only some of the training timesteps: steps are chosen evenly among those.
/// </summary>
internal static class DistilledGrid
{
    /// <summary>The timesteps of a plan, falling: its own, checked, or n of the distilled ones.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trained">Number of training timesteps N.</param>
    /// <param name="distilled">
    /// Number of timesteps that the model was distilled on, which are the multiples of N div <paramref name="distilled"/>, less 1; N for all.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer distilled timesteps than steps, or more than training timesteps.</exception>
    public static int[] Create(SamplingPlan plan, int trained, int distilled)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is { } custom)
        {
            return TimestepGrid.CheckCustom(custom, trained);
        }

        if (distilled > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(distilled), distilled, $"The model cannot have been distilled on more than the {trained} timesteps that it was trained with.");
        }

        if (plan.Steps < 1 || plan.Steps > distilled)
        {
            throw new ArgumentOutOfRangeException(nameof(plan), plan.Steps, $"The number of steps must be in [1, {distilled}], the timesteps that the model was distilled on.");
        }

        int stride = trained / distilled;
        double skip = distilled / (double)plan.Steps;
        var timesteps = new int[plan.Steps];
        for (int i = 0; i < timesteps.Length; i++)
        {
            timesteps[i] = ((distilled - (int)(i * skip)) * stride) - 1;
        }

        return timesteps;
    }
}
