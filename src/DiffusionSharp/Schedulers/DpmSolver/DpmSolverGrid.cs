namespace DiffusionSharp.Schedulers;

/// <summary>Timesteps and σ of DPM-Solver.</summary>
internal static class DpmSolverGrid
{
    public static SigmaGrid Create(DpmSolverFamilyOptions options, SamplingPlan plan, bool rounds)
    {
        var table = new SigmaTable(options.Schedule);
        return LogSnrGrid.Create(plan, options, table, LogSnrGrid.Usable(table, options.LambdaMinimum), rounds, options.FinalSigma == FinalSigma.SigmaMin ? table.Minimum : 0);
    }
}
