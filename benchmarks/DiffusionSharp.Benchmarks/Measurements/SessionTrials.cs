using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>Runs of a UNet with one setting of ONNX Runtime changed, beside runs with ONNX Runtime's defaults.</summary>
internal static class SessionTrials
{
    // The embedded UNet takes a few milliseconds.
    private const int EmojiRuns = 20;

    // Idle threads of a session spin for less than that.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static void RunEmoji(int pairs, string[] trials)
    {
        using var standard = new EmojiModel(batch: 2, () => SessionSettings.Create());
        foreach (string trial in OrAll(trials))
        {
            using var changed = new EmojiModel(batch: 2, () => SessionSettings.Create(trial));
            Paired.Compare($"{trial} / defaults, embedded UNet", pairs, standard.RunUNet, changed.RunUNet, EmojiRuns, Pause);
        }
    }

    public static void RunLarge(string folder, int pairs, string[] trials)
    {
        using var standard = new LargeUNet(folder, With());
        foreach (string trial in OrAll(trials))
        {
            using var changed = new LargeUNet(folder, With(trial));
            Paired.Compare($"{trial} / defaults, large UNet", pairs, () => standard.RunBare(), () => changed.RunBare(), pause: Pause);
        }
    }

    private static IReadOnlyList<string> OrAll(string[] trials) => trials.Length == 0 ? SessionSettings.Trials : trials;

    private static OnnxOptions With(params string[] settings) => new() { CreateSessionOptions = () => SessionSettings.Create(settings) };
}
