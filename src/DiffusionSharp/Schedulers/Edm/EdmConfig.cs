namespace DiffusionSharp.Schedulers;

/// <summary>Reads what the configurations of schedulers for EDM have in common.</summary>
internal static class EdmConfig
{
    /// <summary>The options with what the configuration says.</summary>
    public static T Read<T>(SchedulerConfigReader reader, T defaults)
        where T : EdmOptions
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.WholeNumber("num_train_timesteps", 1000);
        return defaults with
        {
            SigmaMin = reader.Number("sigma_min", 0.002),
            SigmaMax = reader.Number("sigma_max", 80),
            SigmaData = reader.Number("sigma_data", 0.5),
            Rho = reader.Number("rho", 7),
            SigmaSpacing = reader.Choice("sigma_schedule", SigmaSpacing.Karras, [("karras", SigmaSpacing.Karras), ("exponential", SigmaSpacing.Exponential)]),
            PredictionType = reader.PredictionType(),
            FinalSigma = reader.ReadFinalSigma(),
        };
    }
}
