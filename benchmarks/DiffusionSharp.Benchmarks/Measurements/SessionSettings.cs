using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>Settings of ONNX Runtime under short names, for trials: <c>threads=1</c>, <c>spinning=0</c> and so on.</summary>
internal static class SessionSettings
{
    /// <summary>Every setting that is tried, one at a time, beside ONNX Runtime's own defaults.</summary>
    public static IReadOnlyList<string> Trials { get; } =
    [
        "threads=1", "spinning=0", "arena=0", "pattern=0", "mode=parallel", "optimisation=disable_all", "optimisation=enable_basic", "optimisation=enable_extended",
        "prepacking=0", "initializers-in-arena=0", "denormals-as-zero=1",
    ];

    /// <exception cref="ArgumentException">The setting is not known.</exception>
    public static SessionOptions Create(params IEnumerable<string> settings)
    {
        var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        foreach (string setting in settings)
        {
            Apply(options, setting);
        }

        return options;
    }

    private static void Apply(SessionOptions options, string setting)
    {
        switch (setting.Split('='))
        {
            case ["threads", string count]:
                options.IntraOpNumThreads = int.Parse(count, CultureInfo.InvariantCulture);
                break;
            case ["spinning", string on]:
                options.AddSessionConfigEntry("session.intra_op.allow_spinning", on);
                break;
            case ["arena", "0"]:
                options.EnableCpuMemArena = false;
                break;
            case ["pattern", "0"]:
                options.EnableMemoryPattern = false;
                break;
            case ["mode", "parallel"]:
                options.ExecutionMode = ExecutionMode.ORT_PARALLEL;
                break;
            case ["optimisation", string level]:
                options.GraphOptimizationLevel = Enum.Parse<GraphOptimizationLevel>($"ORT_{level}", ignoreCase: true);
                break;
            case ["prepacking", "0"]:
                options.AddSessionConfigEntry("session.disable_prepacking", "1");
                break;
            case ["initializers-in-arena", "0"]:
                options.AddSessionConfigEntry("session.use_device_allocator_for_initializers", "1");
                break;
            case ["denormals-as-zero", string on]:
                options.AddSessionConfigEntry("session.set_denormal_as_zero", on);
                break;
            default:
                throw new ArgumentException($"Unknown setting '{setting}'; known are {string.Join(", ", Trials)}.", nameof(setting));
        }
    }
}
