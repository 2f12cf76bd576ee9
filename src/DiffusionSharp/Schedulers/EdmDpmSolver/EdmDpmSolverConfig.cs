namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>EDMDPMSolverMultistepScheduler</c>.</summary>
internal static class EdmDpmSolverConfig
{
    public static EdmDpmSolverScheduler Create(SchedulerConfigReader reader) => new(EdmConfig.Read(reader, new EdmDpmSolverOptions()) with
    {
        Clipping = reader.Thresholding(),
        SolverOrder = reader.WholeNumber("solver_order", 2),
        Algorithm = DpmSolverFamilyConfig.Algorithm(reader),
        SolverType = DpmSolverFamilyConfig.SolverType(reader),
        LowerOrderFinal = reader.Flag("lower_order_final", true),
        EulerAtFinal = reader.Flag("euler_at_final", false),
    });
}
