namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A model of a folder that is going to be loaded.</summary>
internal abstract class Loading(string part) : IDisposable
{
    /// <summary>As its folder is called.</summary>
    public string Part => part;

    public abstract void Load(CancellationToken cancellationToken);

    public abstract void Dispose();
}

/// <summary>A model that is there when all are loaded.</summary>
internal sealed class Loading<T>(string part, Func<CancellationToken, T> load) : Loading(part)
    where T : class, IDisposable
{
    private T? _value;

    public T Value => _value ?? throw new InvalidOperationException($"'{Part}' is not loaded yet.");

    public override void Load(CancellationToken cancellationToken) => _value = load(cancellationToken);

    public override void Dispose() => _value?.Dispose();
}
