using DiffusionSharp.Conditions;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>A companion's UNet and scheduler in place of those of the model of 64x64 pictures; the other parts are that model's own.</summary>
public abstract class LatentCompanion : IDisposable
{
    protected LatentCompanion(string name, params IConditionEncoder[] encoders)
    {
        using DiffusionPipeline small = Companion.SmallEmoji();
        Pipeline = small.ToBuilder().UseNoisePredictor(Companion.Predictor(name)).UseConditions(encoders).UseScheduler(Companion.Scheduler(name)).Build();
    }

    public DiffusionPipeline Pipeline { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        GC.SuppressFinalize(this);
    }
}
