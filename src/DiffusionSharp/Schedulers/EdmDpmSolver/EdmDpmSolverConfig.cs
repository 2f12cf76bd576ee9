using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configurations of diffusers' <c>EDMDPMSolverMultistepScheduler</c> and <c>CosineDPMSolverMultistepScheduler</c>.</summary>
internal static class EdmDpmSolverConfig
{
    private static readonly EdmDpmSolverOptions Cosine = new()
    {
        SigmaMin = 0.3,
        SigmaMax = 500,
        SigmaData = 1,
        SigmaSpacing = SigmaSpacing.Exponential,
        PredictionType = PredictionType.Velocity,
        Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus,
        UsesArctangent = true,
    };

    public static EdmDpmSolverScheduler Create(SchedulerConfigReader reader) => new(Read(reader, new EdmDpmSolverOptions()) with
    {
        Clipping = reader.Thresholding(),
        Algorithm = DpmSolverFamilyConfig.Algorithm(reader),
    });

    public static EdmDpmSolverScheduler CreateCosine(SchedulerConfigReader reader) => new(Read(reader, Cosine));

    private static EdmDpmSolverOptions Read(SchedulerConfigReader reader, EdmDpmSolverOptions defaults) => EdmConfig.Read(reader, defaults) with
    {
        SolverOrder = reader.Integer("solver_order", 2),
        SolverType = DpmSolverFamilyConfig.SolverType(reader),
        LowerOrderFinal = reader.Flag("lower_order_final", true),
        EulerAtFinal = reader.Flag("euler_at_final", false),
    };
}
