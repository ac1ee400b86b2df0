/** An event that can be prevented, and whether it was. */
export function preventable(): { preventDefault(): void; prevented: boolean } {
  return {
    prevented: false,
    preventDefault() {
      this.prevented = true
    },
  }
}
