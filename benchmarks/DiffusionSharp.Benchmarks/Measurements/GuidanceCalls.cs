using System.Globalization;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>A picture with guidance in one call a step and in two, in turn, with the ratio of each pair. <c>guidance-calls [SIDE in pixels]</c>.</summary>
internal static class GuidanceCalls
{
    private const int Pairs = 15;

    public static void Run(string[] args)
    {
        int side = args is [var pixels] ? int.Parse(pixels, CultureInfo.InvariantCulture) : EmojiPipeline.Defaults.Width;
        using DiffusionPipeline one = EmojiPipeline.Load();
        using DiffusionPipeline two = EmojiPipeline.Load(new OnnxPipelineOptions { GuidanceBatching = GuidanceBatching.CallEach });
        var request = new TextToImageRequest("a red apple") { Steps = 5, GuidanceScale = 4, Seed = 1, Width = side, Height = side };
        Paired.Compare($"{side}x{side}: two calls / one call, whole generations", Pairs, () => one.Generate(request), () => two.Generate(request));
    }
}
