using DiffusionSharp.Schedulers.Configuration;
using DiffusionSharp.Schedulers.Sigmas;

namespace DiffusionSharp.Schedulers.EdmEuler;

/// <summary>Reads the configuration of diffusers' <c>EDMEulerScheduler</c>.</summary>
internal static class EdmEulerConfig
{
    public static EdmEulerScheduler Create(SchedulerConfigReader reader)
    {
        // Says how the model was trained; sampling does not depend on it.
        reader.Integer("num_train_timesteps", 1000);
        return new(new EdmEulerOptions
        {
            SigmaMin = reader.Number("sigma_min", 0.002),
            SigmaMax = reader.Number("sigma_max", 80),
            SigmaData = reader.Number("sigma_data", 0.5),
            Rho = reader.Number("rho", 7),
            SigmaSpacing = reader.Choice("sigma_schedule", SigmaSpacing.Karras, [("karras", SigmaSpacing.Karras), ("exponential", SigmaSpacing.Exponential)]),
            PredictionType = reader.PredictionType(),
            FinalSigma = reader.FinalSigma(),
        });
    }
}
