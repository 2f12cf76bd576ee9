namespace DiffusionSharp.Schedulers;

/// <summary>The timesteps at which PNDM asks the model.</summary>
internal static class PndmGrid
{
    /// <summary>Steps that pseudo Runge-Kutta takes, and calls of each.</summary>
    public const int PrkSteps = 3;
    public const int CallsPerPrkStep = 4;

    /// <summary>Lays out the calls of a plan.</summary>
    public static int[] Create(PndmOptions options, SamplingPlan plan)
    {
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("PNDM needs evenly spaced timesteps, so a plan cannot have its own.", nameof(plan));
        }

        int[] spaced = TimestepGrid.Create(plan, options);
        return options.SkipPrkSteps ? WithSecondTwice(spaced) : WithPrk(spaced, options.Schedule.TrainingTimesteps / plan.Steps / 2);
    }

    // The first step is taken twice, the second time with the mean of the predictions at its two ends.
    private static int[] WithSecondTwice(int[] spaced) => spaced.Length == 1 ? spaced : [spaced[0], spaced[1], .. spaced.AsSpan(1)];

    // A Runge-Kutta step asks at its start, twice halfway, and at its end.
    private static int[] WithPrk(int[] spaced, int half)
    {
        if (spaced.Length <= PrkSteps)
        {
            throw new ArgumentException($"PNDM with Runge-Kutta steps needs at least {PrkSteps + 1} steps, found {spaced.Length}: take more, or set SkipPrkSteps.", nameof(spaced));
        }

        var timesteps = new List<int>();
        for (int i = 0; i < PrkSteps; i++)
        {
            int middle = spaced[i + 1] + half;
            timesteps.AddRange([spaced[i], middle, middle, spaced[i + 1]]);
        }

        return [.. timesteps, .. spaced.AsSpan(PrkSteps)];
    }
}
