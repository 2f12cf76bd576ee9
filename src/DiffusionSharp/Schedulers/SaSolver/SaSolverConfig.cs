namespace DiffusionSharp.Schedulers;

/// <summary>Reads the configuration of diffusers' <c>SASolverScheduler</c>.</summary>
internal static class SaSolverConfig
{
    public static SaSolverScheduler Create(SchedulerConfigReader reader)
    {
        reader.CheckLearnedVariance();
        reader.RequireAbsent("tau_func", "a function cannot be read from a file; set it in the options");
        return new(LogSnrConfig.ReadShared(reader, new SaSolverOptions()) with
        {
            Schedule = reader.FixedSchedule(0.0001, 0.02),
            PredictorOrder = reader.WholeNumber("predictor_order", 2),
            CorrectorOrder = reader.WholeNumber("corrector_order", 2),
            PredictsNoise = reader.Choice("algorithm_type", false, [("data_prediction", false), ("noise_prediction", true)]),
            LambdaMinimum = reader.Number("lambda_min_clipped", double.NegativeInfinity),
        });
    }
}
