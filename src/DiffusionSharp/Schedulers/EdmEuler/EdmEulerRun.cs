namespace DiffusionSharp.Schedulers;

internal sealed class EdmEulerRun : ChurnedRun
{
    public EdmEulerRun(EdmEulerOptions options, SamplingPlan plan)
        : base(
            new EdmPreconditioning(options),
            EdmGrid.Create(options, plan, final: null),
            plan.Shape,
            options.Clipping,
            new ChurnSettings(options.Churn, options.ChurnMinimum, options.ChurnMaximum, options.ChurnNoise),
            trainingTimesteps: null) =>
        InitialNoiseScale = EdmPreconditioning.InitialNoiseScale(options);
}
