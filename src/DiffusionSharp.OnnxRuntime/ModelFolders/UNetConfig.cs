namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What the <c>config.json</c> of a noise predictor says; everything is optional.</summary>
internal sealed record UNetConfig
{
    public int? InChannels { get; private init; }

    public int? OutChannels { get; private init; }

    public int? SampleSize { get; private init; }

    /// <summary>What the sample's height and width must be multiples of: 2 to the number of times the network halves them.</summary>
    public int SizeMultiple { get; private init; } = 1;

    public static UNetConfig Beside(string modelPath)
    {
        if (ConfigFile.TryLoad(Path.Combine(Path.GetDirectoryName(modelPath) ?? "", "config.json")) is not { } config)
        {
            return new UNetConfig();
        }

        return new UNetConfig
        {
            InChannels = config.Integer("in_channels"),
            OutChannels = config.Integer("out_channels"),
            SampleSize = config.Integer("sample_size"),
            SizeMultiple = config.Count("block_out_channels") is { } blocks and > 0 and < 16 ? 1 << (blocks - 1) : 1,
        };
    }
}
