namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>UniPCMultistepScheduler</c>.</summary>
internal static class UniPcConfig
{
    // Types of related classes are taken for bh2, as diffusers does when a configuration changes class.
    private static readonly (string Name, UniPcType Value)[] Types =
    [
        ("bh1", UniPcType.Bh1),
        ("bh2", UniPcType.Bh2),
        ("midpoint", UniPcType.Bh2),
        ("heun", UniPcType.Bh2),
        ("logrho", UniPcType.Bh2),
    ];

    public static UniPcScheduler Create(SchedulerConfigReader reader)
    {
        reader.RequireAbsent("solver_p", "the predictor is always UniP");
        return new(LogSnrConfig.Read(reader, new UniPcOptions()) with
        {
            SolverType = reader.Choice("solver_type", UniPcType.Bh2, Types),
            PredictsNoise = !reader.Flag("predict_x0", true),
            UncorrectedSteps = reader.WholeNumbers("disable_corrector"),
            FinalSigma = reader.ReadFinalSigma(),
            SigmaMin = reader.OptionalNumber("sigma_min"),
            SigmaMax = reader.OptionalNumber("sigma_max"),
            ShiftTerminal = reader.OptionalNumber("shift_terminal"),
            ShiftsLinearly = reader.Choice("time_shift_type", false, [("exponential", false), ("linear", true)]),
        });
    }
}
