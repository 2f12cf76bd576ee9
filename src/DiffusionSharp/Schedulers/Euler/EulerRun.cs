using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

internal sealed class EulerRun : ChurnedRun
{
    public EulerRun(EulerOptions options, SamplingPlan plan)
        : this(options, plan, Lay(options, plan))
    {
    }

    private EulerRun(EulerOptions options, SamplingPlan plan, SigmaGrid grid)
        : base(
            new DiscretePreconditioning(options.PredictionType),
            grid,
            plan.Shape,
            options.Clipping,
            new ChurnSettings(options.Churn, options.ChurnMinimum, options.ChurnMaximum, options.ChurnNoise),
            AsksContinuously(options) ? null : options.Schedule.TrainingTimesteps) =>
        InitialNoiseScale = grid.InitialNoiseScale(options.TimestepSpacing);

    private static bool AsksContinuously(EulerOptions options) => options.UsesContinuousTimesteps && options.PredictionType == PredictionType.Velocity;

    private static SigmaGrid Lay(EulerOptions options, SamplingPlan plan)
    {
        var table = new SigmaTable(options.Schedule);
        double final = options.FinalSigma == FinalSigma.SigmaMin ? table.Minimum : 0;
        SigmaGrid grid = options.InterpolatesInLog && options.SigmaSpacing == SigmaSpacing.Default && plan.Sigmas is null
            ? LogGrid(options, plan, table, final)
            : FractionalGrid.Create(
                plan,
                options,
                table,
                options.SigmaMin ?? (options.InterpolatesInLog ? table.Minimum : null),
                options.SigmaMax ?? (options.InterpolatesInLog ? table.Maximum : null),
                final);
        if (!AsksContinuously(options))
        {
            return grid;
        }

        FractionalGrid.RejectCustomTimesteps(plan);
        double[] continuous = Array.ConvertAll(grid.Sigmas[..^1], sigma => (double)(float)(0.25 * Math.Log(sigma)));
        return grid with { Timesteps = continuous };
    }

    // Evenly in log σ over the whole table, one point more than there are steps.
    private static SigmaGrid LogGrid(EulerOptions options, SamplingPlan plan, SigmaTable table, double final)
    {
        double[] timesteps = FractionalGrid.Timesteps(plan, options);
        double[] sigmas = SigmaSpacings.Exponential(table.Minimum, table.Maximum, timesteps.Length + 1);
        return new SigmaGrid(SigmaGrid.RoundToSingle(timesteps), SigmaGrid.RoundToSingle(SigmaGrid.Append(sigmas, final)));
    }
}
