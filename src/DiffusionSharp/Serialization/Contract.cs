using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DiffusionSharp.Serialization;

/// <summary>What the library's types want of JSON beyond what the source generator makes of them.</summary>
internal static class Contract
{
    /// <summary>Leaves out what follows from the rest, requires what has no default, and has objects begin with their defaults.</summary>
    public static void Complete(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        for (int i = info.Properties.Count - 1; i >= 0; i--)
        {
            if (info.Properties[i] is { AssociatedParameter: null, Set: null })
            {
                info.Properties.RemoveAt(i);
            }
        }

        Func<object>? create = Defaults.Of(info.Type);
        foreach (JsonPropertyInfo property in info.Properties)
        {
            property.IsRequired = property.AssociatedParameter is { IsMemberInitializer: false } parameter ? !parameter.HasDefaultValue : create is null;
        }

        if (create is not null)
        {
            BeginWithDefaults(info, create);
        }
    }

    // By itself generated code gives init-only properties that JSON lacks zero or null.
    private static void BeginWithDefaults(JsonTypeInfo info, Func<object> create)
    {
        object standard = create();
        info.CreateObject = create;
        foreach (JsonPropertyInfo property in info.Properties)
        {
            bool isNullByDefault = property.Get!(standard) is null;
            property.ShouldSerialize = (_, value) => value is not null || !isNullByDefault;
            property.Set = Setter((PropertyInfo)property.AttributeProvider!);
        }
    }

    private static Action<object, object?> Setter(PropertyInfo property) => (target, value) =>
    {
        if (value is Enum choice && !Enum.IsDefined(choice.GetType(), choice))
        {
            throw new JsonException($"{property.Name} is {choice}, which is none of its values.");
        }

        try
        {
            property.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (ArgumentException e)
        {
            // As what the serializer knows the place of.
            throw new JsonException($"{property.Name}: {e.Message}", e);
        }
    };
}
