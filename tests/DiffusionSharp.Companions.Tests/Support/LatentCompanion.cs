using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>A companion's UNet and scheduler in place of the embedded model's; the other parts are the embedded model's own.</summary>
public abstract class LatentCompanion : IDisposable
{
    private readonly OnnxNoisePredictor _predictor;

    protected LatentCompanion(EmojiModel model, string name)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = Companion.Predictor(name);
        Pipeline = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(model.Pipeline.TextEncoder!)
            .UseNoisePredictor(_predictor)
            .UseScheduler(Companion.Scheduler(name))
            .UseLatentDecoder(model.Pipeline.LatentDecoder)
            .UseLatentEncoder(model.Pipeline.LatentEncoder!)
            .UseDefaults(EmojiPipeline.Defaults)
            .LeavePartsOpen()
            .Build();
    }

    public DiffusionPipeline Pipeline { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        _predictor.Dispose();
        GC.SuppressFinalize(this);
    }
}
