namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>DPMSolverMultistepInverseScheduler</c>.</summary>
internal static class DpmSolverInverseConfig
{
    public static DpmSolverInverseScheduler Create(SchedulerConfigReader reader)
    {
        reader.CheckLearnedVariance();
        return new(LogSnrConfig.ReadShared(reader, new DpmSolverInverseOptions()) with
        {
            Schedule = reader.FixedSchedule(0.0001, 0.02),
            SolverOrder = reader.WholeNumber("solver_order", 2),
            Algorithm = DpmSolverFamilyConfig.Algorithm(reader),
            SolverType = DpmSolverFamilyConfig.SolverType(reader),
            LambdaMinimum = reader.Number("lambda_min_clipped", double.NegativeInfinity),
            EulerAtFinal = reader.Flag("euler_at_final", false),
        });
    }
}
