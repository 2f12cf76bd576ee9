using DiffusionSharp.Conditions;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>A companion's UNet and scheduler in place of the embedded model's; the other parts are the embedded model's own.</summary>
public abstract class LatentCompanion : IDisposable
{
    protected LatentCompanion(EmojiModel model, string name, params IConditionEncoder[] encoders)
    {
        ArgumentNullException.ThrowIfNull(model);
        Pipeline = model.Pipeline.ToBuilder().UseNoisePredictor(Companion.Predictor(name)).UseConditions(encoders).UseScheduler(Companion.Scheduler(name)).Build();
    }

    public DiffusionPipeline Pipeline { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        GC.SuppressFinalize(this);
    }
}
