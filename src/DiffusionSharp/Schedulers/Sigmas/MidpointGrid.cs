namespace DiffusionSharp.Schedulers;

/// <summary>The layout of DPM-Solver-2 in σ: each step but the last asks the model a second time where log σ is halfway to the end of its deterministic part.</summary>
internal static class MidpointGrid
{
    /// <summary>Timesteps and σ of both calls of each step.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">The options.</param>
    /// <param name="target">Where the deterministic part of a step from σ to σ' ends.</param>
    /// <param name="roundsKarras">Whether timesteps of the Karras spacing are rounded: only of this one, and only those of the first calls, as reference implementations do.</param>
    public static SigmaGrid Create(SamplingPlan plan, SigmaOptions options, Func<double, double, double> target, bool roundsKarras)
    {
        var table = new SigmaTable(options.Schedule);
        SigmaGrid grid = FractionalGrid.Create(plan, options, table, null, null, final: 0);
        if (roundsKarras && options.SigmaSpacing == SigmaSpacing.Karras)
        {
            grid = grid with { Timesteps = Array.ConvertAll(grid.Timesteps, Math.Round) };
        }

        var sigmas = new double[grid.Timesteps.Length - 1];
        for (int i = 0; i < sigmas.Length; i++)
        {
            sigmas[i] = Math.Sqrt(grid.Sigmas[i] * target(grid.Sigmas[i], grid.Sigmas[i + 1]));
        }

        return grid.WithSecondCalls(Array.ConvertAll(sigmas, table.TimestepOf), sigmas);
    }
}
