using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Where the models of a folder come from: its own files, or what is made of its weights. Families do not see the difference.</summary>
internal interface IFolderModels
{
    /// <summary>Whether there is a model of a component.</summary>
    bool Has(string component);

    /// <summary>The model of a component.</summary>
    /// <param name="component">Its folder.</param>
    /// <param name="named">What the index calls it, which for the halves of an autoencoder may be the whole.</param>
    /// <exception cref="ModelFormatException">The folder is incomplete, or a file damaged.</exception>
    ModelSource Open(string component, string named);

    /// <summary>Numbers that belong to a component and are no network: a checkpoint has them among its weights, an export in a file of JSON.</summary>
    /// <param name="component">The component's folder.</param>
    /// <param name="name">The tensor, or the key in the file.</param>
    /// <param name="exported">The file of an export.</param>
    /// <exception cref="ModelFormatException">They are missing.</exception>
    IReadOnlyList<float> Vector(string component, string name, string exported);
}
