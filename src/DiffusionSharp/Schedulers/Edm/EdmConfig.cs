namespace DiffusionSharp.Schedulers;

/// <summary>Reads what the configurations of schedulers for EDM have in common.</summary>
internal static class EdmConfig
{
    /// <summary>The options with what the configuration says, and where it is silent as they are.</summary>
    public static T Read<T>(SchedulerConfigReader reader, T defaults)
        where T : EdmOptions
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.Integer("num_train_timesteps", 1000);
        return defaults with
        {
            SigmaMin = reader.Number("sigma_min", defaults.SigmaMin),
            SigmaMax = reader.Number("sigma_max", defaults.SigmaMax),
            SigmaData = reader.Number("sigma_data", defaults.SigmaData),
            Rho = reader.Number("rho", defaults.Rho),
            SigmaSpacing = reader.Choice("sigma_schedule", defaults.SigmaSpacing, [("karras", SigmaSpacing.Karras), ("exponential", SigmaSpacing.Exponential)]),
            PredictionType = reader.PredictionType(defaults.PredictionType),
            FinalSigma = reader.ReadFinalSigma(),
        };
    }
}
