using DiffusionSharp.Conditions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The image encoder of a folder, for UNets that take pictures as prompts (IP-Adapter). One that only checks what comes out need not be there. Which of its
/// layers is asked for depends on the UNet, so that it is opened behind it, and not at all for one that takes no pictures.
/// </summary>
internal sealed class FolderImagePrompts
{
    /// <summary>What an index calls it.</summary>
    public const string Name = "image_encoder";

    private const string Preprocessing = "feature_extractor";

    private readonly FolderReader _folder;
    private readonly Func<CancellationToken, OnnxImageEncoder> _ofOneVector;
    private readonly Func<CancellationToken, OnnxImageEncoder> _ofStates;

    private FolderImagePrompts(FolderReader folder)
    {
        _folder = folder;
        _ofOneVector = folder.Opening(Name, Name, static (source, onnx, token) => new OnnxImageEncoder(source, onnx, givesStates: false, token));
        _ofStates = folder.Opening(Name, Name, static (source, onnx, token) => new OnnxImageEncoder(source, onnx, givesStates: true, token));
    }

    /// <summary>Finds the encoder; null where the folder has none.</summary>
    public static FolderImagePrompts? Of(FolderReader folder)
    {
        if (folder.Index.ClassOf(Name) is null || !folder.Has(Name))
        {
            return null;
        }

        folder.Reads(Name);
        folder.Reads(Preprocessing);
        return new FolderImagePrompts(folder);
    }

    /// <summary>What reads image prompts; nothing for a UNet that takes none.</summary>
    public IEnumerable<IConditionEncoder> Encoders(OnnxNoisePredictor unet)
    {
        if (OnnxImagePromptConditions.IsFor(unet))
        {
            Func<CancellationToken, OnnxImageEncoder> open = OnnxImagePromptConditions.TakesStates(unet) ? _ofStates : _ofOneVector;
            return [new OnnxImagePromptConditions(open(CancellationToken.None), unet)];
        }

        _folder.LogUnused(Name);
        return [];
    }
}
