using DiffusionSharp.Diffusers.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>The changes that a user's LoRA files make to each weight of a model.</summary>
internal static class LoraAdapters
{
    /// <summary>Reads the files.</summary>
    /// <param name="files">The files, whose changes add up.</param>
    /// <param name="networks">The weights of each network, by its folder.</param>
    /// <returns>The same weights, with their changes.</returns>
    /// <exception cref="ModelFormatException">A file is damaged, or was made for another model; the error names what in it has no place here.</exception>
    public static IReadOnlyDictionary<string, Checkpoint> Apply(IReadOnlyList<LoraFile> files, IReadOnlyDictionary<string, Checkpoint> networks)
    {
        var names = new LoraNames(networks);
        var changed = new Dictionary<string, Checkpoint>(networks);
        foreach (LoraFile file in files)
        {
            IReadOnlyCollection<LoraTensors> modules = LoraTensors.Read(file.Path);
            string[] unknown = [.. modules.Select(module => module.Module).Where(module => names.Find(module).Count == 0)];
            if (unknown.Length > 0)
            {
                throw new ModelFormatException(file.Path, $"changes modules that this model does not have: {LoraTensors.Named(unknown)}; it was made for another model.");
            }

            foreach (LoraTensors module in modules)
            {
                foreach (LoraTarget target in names.Find(module.Module))
                {
                    changed[target.Network] = changed[target.Network].With(target.Module, new LoraAdapter(module, file.Scale, target));
                }
            }
        }

        return changed;
    }
}
