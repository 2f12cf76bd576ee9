using DiffusionSharp.Conditions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The image encoder of a folder, for UNets that take pictures as prompts (IP-Adapter). One that only checks what comes out need not be there.</summary>
internal sealed class FolderImagePrompts
{
    /// <summary>What an index calls it.</summary>
    public const string Name = "image_encoder";

    private const string Preprocessing = "feature_extractor";

    private readonly FolderReader _folder;
    private readonly Loading<OnnxImageEncoder> _encoder;

    private FolderImagePrompts(FolderReader folder, Loading<OnnxImageEncoder> encoder) => (_folder, _encoder) = (folder, encoder);

    /// <summary>Asks for the encoder; null where the folder has none.</summary>
    public static FolderImagePrompts? Of(FolderReader folder)
    {
        if (folder.Index.ClassOf(Name) is null || !folder.Has(Name))
        {
            return null;
        }

        folder.Reads(Preprocessing);
        return new FolderImagePrompts(folder, folder.Load(Name, Name, static (source, onnx, token) => new OnnxImageEncoder(source, onnx, token)));
    }

    /// <summary>What reads image prompts; nothing for a UNet that takes none.</summary>
    public IEnumerable<IConditionEncoder> Encoders(OnnxNoisePredictor unet)
    {
        if (OnnxImagePromptConditions.IsFor(unet))
        {
            return [new OnnxImagePromptConditions(_encoder.Value, unet)];
        }

        _encoder.Dispose();
        _folder.LogUnused(Name);
        return [];
    }
}
