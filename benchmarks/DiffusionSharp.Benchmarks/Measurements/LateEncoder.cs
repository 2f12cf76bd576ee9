using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>Loading the embedded model as it is loaded, without its encoder, beside loading all four models at a time, with the ratio of each pair.</summary>
internal static class LateEncoder
{
    public static void Run(int pairs) => Paired.Compare("loading without the encoder / with it, embedded model", pairs, LoadAll, () => EmojiPipeline.Load().Dispose());

    private static void LoadAll()
    {
        string encoder = Path.Combine(EmojiPipeline.ModelFolder, "vae_encoder", "model.onnx");
        Task<OnnxLatentEncoder> loading = Task.Factory.StartNew(() => new OnnxLatentEncoder(encoder), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        using OnnxLatentEncoder loaded = loading.GetAwaiter().GetResult();
    }
}
