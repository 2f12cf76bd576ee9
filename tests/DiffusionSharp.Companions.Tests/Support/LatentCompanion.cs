using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>A companion's UNet and scheduler in place of the embedded model's; the other parts are the embedded model's own.</summary>
public abstract class LatentCompanion : IDisposable
{
    private readonly OnnxNoisePredictor _predictor;

    protected LatentCompanion(EmojiModel model, string name, bool isInpaintingModel = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = Companion.Predictor(name);
        DiffusionPipelineBuilder builder = model.Pipeline.ToBuilder().UseScheduler(Companion.Scheduler(name));
        Pipeline = (isInpaintingModel ? builder.UseInpaintingModel(_predictor) : builder.UseNoisePredictor(_predictor)).Build();
    }

    public DiffusionPipeline Pipeline { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        _predictor.Dispose();
        GC.SuppressFinalize(this);
    }
}
