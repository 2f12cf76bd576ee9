using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>A companion's UNet and scheduler in place of the embedded model's; the other parts are the embedded model's own.</summary>
public abstract class LatentCompanion : IDisposable
{
    private readonly OnnxNoisePredictor _predictor;

    protected LatentCompanion(EmojiModel model, string name, Action<DiffusionPipelineBuilder>? add = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _predictor = Companion.Predictor(name);
        DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(model.Pipeline.TextEncoder!)
            .UseNoisePredictor(_predictor)
            .UseScheduler(Companion.Scheduler(name))
            .UseLatentDecoder(model.Pipeline.LatentDecoder)
            .UseLatentEncoder(model.Pipeline.LatentEncoder!)
            .UseDefaults(EmojiPipeline.Defaults)
            .LeavePartsOpen();
        add?.Invoke(builder);
        Pipeline = builder.Build();
    }

    public DiffusionPipeline Pipeline { get; }

    public void Dispose()
    {
        Pipeline.Dispose();
        _predictor.Dispose();
        GC.SuppressFinalize(this);
    }
}
