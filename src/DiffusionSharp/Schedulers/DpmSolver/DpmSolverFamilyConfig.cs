namespace DiffusionSharp.Schedulers;

/// <summary>Reads what the configurations of multistep and singlestep DPM-Solver have in common.</summary>
internal static class DpmSolverFamilyConfig
{
    // Names of related classes' algorithms and types are taken for the nearest ones, as diffusers does when a configuration changes class.
    private static readonly (string Name, DpmSolverAlgorithm Value)[] Algorithms =
    [
        ("dpmsolver++", DpmSolverAlgorithm.DpmPlusPlus),
        ("dpmsolver", DpmSolverAlgorithm.Dpm),
        ("sde-dpmsolver++", DpmSolverAlgorithm.SdeDpmPlusPlus),
        ("sde-dpmsolver", DpmSolverAlgorithm.SdeDpm),
        ("deis", DpmSolverAlgorithm.DpmPlusPlus),
    ];

    private static readonly (string Name, DpmSolverType Value)[] Types =
    [
        ("midpoint", DpmSolverType.Midpoint),
        ("heun", DpmSolverType.Heun),
        ("logrho", DpmSolverType.Midpoint),
        ("bh1", DpmSolverType.Midpoint),
        ("bh2", DpmSolverType.Midpoint),
    ];

    public static T Read<T>(SchedulerConfigReader reader, T defaults)
        where T : DpmSolverFamilyOptions
    {
        reader.CheckLearnedVariance();
        LogSnrConfig.CheckTimeShift(reader);
        return LogSnrConfig.Read(reader, defaults) with
        {
            Algorithm = Algorithm(reader),
            SolverType = SolverType(reader),
            FinalSigma = reader.ReadFinalSigma(),
            LambdaMinimum = reader.Number("lambda_min_clipped", double.NegativeInfinity),
        };
    }

    public static DpmSolverAlgorithm Algorithm(SchedulerConfigReader reader) => reader.Choice("algorithm_type", DpmSolverAlgorithm.DpmPlusPlus, Algorithms);

    public static DpmSolverType SolverType(SchedulerConfigReader reader) => reader.Choice("solver_type", DpmSolverType.Midpoint, Types);
}
