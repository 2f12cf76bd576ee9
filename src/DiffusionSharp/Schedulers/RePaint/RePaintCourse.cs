namespace DiffusionSharp.Schedulers;

/// <summary>The course of a generation over n evenly spaced timesteps, which jumps make longer (arXiv:2201.09865, figures 9 and 10).</summary>
/// <param name="Timesteps">The timestep of each model call.</param>
/// <param name="Jumps">How many steps towards noise follow each call.</param>
internal sealed record RePaintCourse(int[] Timesteps, int[] Jumps)
{
    public static RePaintCourse Create(RePaintOptions options, SamplingPlan plan)
    {
        plan.RejectSigmas();
        if (plan.Timesteps is not null)
        {
            throw new ArgumentException("RePaint takes a number of steps, not timesteps of your own: its jumps need even spacing.", nameof(plan));
        }

        int trained = options.Schedule.TrainingTimesteps;
        TimestepGrid.CheckSteps(plan.Steps, trained);
        int stride = trained / plan.Steps;
        var timesteps = new List<int>();
        var jumps = new List<int>();

        // A jump begins where a multiple of its length is reached, as long as the place it leads to has been visited before.
        var left = new int[plan.Steps];
        for (int step = 0; step < plan.Steps - options.JumpLength; step += options.JumpLength)
        {
            left[step] = options.JumpSamples - 1;
        }

        for (int step = plan.Steps - 1; step >= 0; step--)
        {
            timesteps.Add(step * stride);
            jumps.Add(left[step] > 0 ? options.JumpLength : 0);
            if (left[step] > 0)
            {
                left[step]--;
                step += options.JumpLength;
            }
        }

        return new RePaintCourse([.. timesteps], [.. jumps]);
    }
}
