using DiffusionSharp.Schedulers.LogSnr;
using DiffusionSharp.Schedulers.Sigmas;

namespace DiffusionSharp.Schedulers.DpmSolver;

/// <summary>Timesteps and σ of DPM-Solver.</summary>
internal static class DpmSolverGrid
{
    public static SigmaGrid Create(DpmSolverFamilyOptions options, SamplingPlan plan, bool rounds)
    {
        var table = new SigmaTable(options.Schedule);
        int usable = table.Count - table.CountBelowLambda(options.LambdaMinimum);
        if (usable < 1)
        {
            throw new ArgumentException($"{nameof(options.LambdaMinimum)} is {options.LambdaMinimum}, above every lambda of the noise schedule.", nameof(options));
        }

        return LogSnrGrid.Create(plan, options, table, usable, rounds, options.FinalSigma == FinalSigma.SigmaMin ? table.Minimum : 0);
    }
}
