using DiffusionSharp.Configuration;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What the <c>config.json</c> of a noise predictor says; everything is optional.</summary>
internal sealed record UNetConfig
{
    private const int MostChannels = 65_536;
    private const int LargestSize = 65_536;
    private const int MostBlocks = 16;

    private ConfigFile? File { get; init; }

    public int? InChannels { get; private init; }

    public int? OutChannels { get; private init; }

    /// <summary>Height and width; null where they are not said, or differ.</summary>
    public int? SampleSize { get; private init; }

    /// <summary>How many classes the network knows; null where it is not conditioned on one of a list.</summary>
    public int? Classes { get; private init; }

    /// <summary>What the sample's height and width must be multiples of: 2 to the number of times that a UNet halves them, the side of a transformer's squares.</summary>
    public int SizeMultiple { get; private init; } = 1;

    public static UNetConfig Beside(string modelPath)
    {
        if (ConfigFile.LoadIfPresent(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(modelPath) ?? "", "config.json")) is not { } config)
        {
            return new UNetConfig();
        }

        return new UNetConfig
        {
            File = config,
            InChannels = config.WholeNumber("in_channels", 1, MostChannels),
            OutChannels = config.WholeNumber("out_channels", 1, MostChannels),
            SampleSize = ReadSampleSize(config),
            Classes = config.WholeNumber("num_class_embeds", 1, int.MaxValue) ?? config.WholeNumber("num_embeds_ada_norm", 1, int.MaxValue),
            SizeMultiple = ReadSizeMultiple(config),
        };
    }

    /// <summary>Another key, a positive number; null where it is not said.</summary>
    public int? WholeNumber(string key) => File?.WholeNumber(key, 1, MostChannels);

    /// <summary>Throws where the configuration contradicts the channels that the model's graph fixes.</summary>
    public void RequireChannels(int? inputs, int? outputs, string modelPath)
    {
        Require("in_channels", InChannels, inputs);
        Require("out_channels", OutChannels, outputs);

        void Require(string key, int? said, int? found)
        {
            if (said is { } channels && found is { } fixedChannels && channels != fixedChannels)
            {
                throw new ModelFormatException(File!.Path, $"the key '{key}' is {channels}, but {modelPath} has {fixedChannels} channels.");
            }
        }
    }

    // The squares that a transformer cuts the sample into, or the halvings of a UNet.
    private static int ReadSizeMultiple(ConfigFile config) => config.List("block_out_channels") switch
    {
        null => config.WholeNumber("patch_size", 1, LargestSize) ?? 1,
        { Count: >= 1 and <= MostBlocks } blocks => 1 << (blocks.Count - 1),
        { } blocks => throw new ModelFormatException(config.Path, $"the key 'block_out_channels' must be a list of 1 to {MostBlocks} numbers, found {blocks.Count}."),
    };

    private static int? ReadSampleSize(ConfigFile config)
    {
        if (config.Find("sample_size") is not { ValueKind: System.Text.Json.JsonValueKind.Array })
        {
            return config.WholeNumber("sample_size", 1, LargestSize);
        }

        return config.WholeNumbers("sample_size", 1, LargestSize) is [var height, var width] && height == width ? height : null;
    }
}
