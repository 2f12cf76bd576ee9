using DiffusionSharp.Configuration;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What the <c>config.json</c> of a noise predictor says; everything is optional.</summary>
internal sealed record UNetConfig
{
    private const int MostChannels = 65_536;
    private const int LargestSize = 65_536;
    private const int MostBlocks = 16;

    private string? Path { get; init; }

    public int? InChannels { get; private init; }

    public int? OutChannels { get; private init; }

    /// <summary>Height and width; null where they are not said, or differ.</summary>
    public int? SampleSize { get; private init; }

    /// <summary>What the sample's height and width must be multiples of: 2 to the number of times the network halves them.</summary>
    public int SizeMultiple { get; private init; } = 1;

    public static UNetConfig Beside(string modelPath)
    {
        if (ConfigFile.LoadIfPresent(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(modelPath) ?? "", "config.json")) is not { } config)
        {
            return new UNetConfig();
        }

        return new UNetConfig
        {
            Path = config.Path,
            InChannels = config.WholeNumber("in_channels", 1, MostChannels),
            OutChannels = config.WholeNumber("out_channels", 1, MostChannels),
            SampleSize = ReadSampleSize(config),
            SizeMultiple = config.List("block_out_channels") is { } blocks
                ? blocks.Count is >= 1 and <= MostBlocks
                    ? 1 << (blocks.Count - 1)
                    : throw new ModelFormatException(config.Path, $"the key 'block_out_channels' must be a list of 1 to {MostBlocks} numbers, found {blocks.Count}.")
                : 1,
        };
    }

    /// <summary>Throws where the configuration contradicts the channels that the model's graph fixes.</summary>
    public void RequireChannels(int? inputs, int? outputs, string modelPath)
    {
        Require("in_channels", InChannels, inputs);
        Require("out_channels", OutChannels, outputs);

        void Require(string key, int? said, int? found)
        {
            if (said is { } channels && found is { } fixedChannels && channels != fixedChannels)
            {
                throw new ModelFormatException(Path!, $"the key '{key}' is {channels}, but {modelPath} has {fixedChannels} channels.");
            }
        }
    }

    private static int? ReadSampleSize(ConfigFile config)
    {
        if (config.Find("sample_size") is not { ValueKind: System.Text.Json.JsonValueKind.Array })
        {
            return config.WholeNumber("sample_size", 1, LargestSize);
        }

        return config.WholeNumbers("sample_size", 1, LargestSize) is [var height, var width] && height == width ? height : null;
    }
}
